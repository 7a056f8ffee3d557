"""What a printed book needs beyond its pages: geometry, colour and the printer's PDF."""
