"""Style rules for native inputs, scroll bars, heads, tips and menus; nothing else."""

from typing import Final

STYLE_SHEET: Final = """
QLineEdit, QPlainTextEdit, QAbstractSpinBox {
    background: ${bg.surface}; color: ${fg.default};
    border: 1px solid ${line.control}; border-radius: 6px; padding: 0 9px;
    selection-background-color: ${accent.solid}; selection-color: ${accent.on};
    placeholder-text-color: ${fg.subtle};
}
QPlainTextEdit { padding: 5px 5px; }
QLineEdit:focus, QAbstractSpinBox:focus { border: 2px solid ${focus}; padding: 0 8px; }
QPlainTextEdit:focus { border: 2px solid ${focus}; padding: 4px 4px; }
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] { border-color: ${danger.solid}; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled {
    background: ${bg.subtle}; color: ${fg.disabled}; border-color: ${line.default};
}
QLineEdit:read-only, QPlainTextEdit:read-only { background: ${bg.subtle}; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 18px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: none; }
QScrollBar::handle:vertical {
    background: ${line.default}; border-radius: 3px; min-height: 32px; margin: 2px 3px;
}
QScrollBar::handle:horizontal {
    background: ${line.default}; border-radius: 3px; min-width: 32px; margin: 3px 2px;
}
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: ${line.control}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QHeaderView { background: ${bg.surface}; border: none; }
QHeaderView::section {
    background: ${bg.surface}; color: ${fg.muted};
    border: none; border-bottom: 1px solid ${line.default}; padding: 0 8px;
}
QTableCornerButton::section { background: ${bg.surface}; border: none; }

QToolTip {
    background: ${bg.tooltip}; color: ${fg.ontooltip};
    border: 1px solid ${bg.tooltip}; padding: 4px 6px;
}

QMenuBar { background: transparent; color: ${fg.muted}; border: none; }
QMenuBar::item { background: transparent; padding: 5px 8px; border-radius: 6px; }
QMenuBar::item:selected { background: ${bg.pressed}; color: ${fg.default}; }
QMenu {
    background: ${bg.raised}; color: ${fg.default};
    border: 1px solid ${line.default}; border-radius: 8px; padding: 4px;
}
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: ${bg.selected}; }
QMenu::item:disabled { color: ${fg.disabled}; }
QMenu::separator { background: ${line.subtle}; height: 1px; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
"""
