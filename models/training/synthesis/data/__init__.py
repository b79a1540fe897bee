"""Patients: read from the archive, prepared once (registration, shading, anchors), packed for transfer."""
