"""Whether a model is configured: asked by every run, hence without the packages that reading settings needs."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

PREFIX = "ZHENGGAI_"


def config_path() -> Path:
    """The config file: ``ZHENGGAI_CONFIG``, else config.toml in the user's folder for this program."""
    if named := os.environ.get(PREFIX + "CONFIG"):
        return Path(named)
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "zhenggai" / "config.toml"


def is_configured() -> bool:
    """Whether the environment or the config file names a model."""
    if os.environ.get(PREFIX + "MODEL"):
        return True
    try:
        return "model" in tomllib.loads(config_path().read_text("utf-8"))
    except (OSError, ValueError):
        # a broken file is told of when the settings are read
        return config_path().is_file()
