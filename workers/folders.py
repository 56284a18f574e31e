"""Folders of our own, made where they are missing: for databases, captures and locks."""

from pathlib import Path

from workers.errors import FolderUnusable


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it, unless it is there.

    Raises:
        FolderUnusable: it cannot be made, or is no folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


def unusable(folder: Path, error: OSError) -> FolderUnusable:
    """Return what a person is told of a folder that the system will not let us use."""
    reason = (
        "is not a folder" if isinstance(error, FileExistsError) else (error.strerror or str(error)).lower()
    )
    return FolderUnusable(f"the folder {folder} cannot be used: {reason}")
