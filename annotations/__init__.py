"""What the anatomy means: structures, landmarks, attachments, views and references, as checked data."""

from annotations.catalogue import Catalogue
from annotations.collection import Annotations
from annotations.finding import find
from annotations.loading import load, untranslated, validate
from annotations.problems import AnnotationError

__all__ = ["AnnotationError", "Annotations", "Catalogue", "find", "load", "untranslated", "validate"]
