"""The finished PDF as a compositor reads it: where its lines and pages fall badly."""
