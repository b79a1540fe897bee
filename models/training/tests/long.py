"""Tests that `npm test` leaves to `npm run test:full`."""

from __future__ import annotations

import os

import pytest

long = pytest.mark.skipif("FULL" not in os.environ, reason="takes long; FULL=1 runs it")
