"""The composer of status updates: what staff and customers are told about a major incident."""
