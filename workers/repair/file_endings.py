"""File name endings that web servers and archives of documents use (IANA media types, server languages)."""

_DOCUMENT_LIST = (
    "shtml xhtml ghtml html htm php aspx asp jspx jsp cfm cms cgi ece pdf docx doc "
    "xlsx xls pptx ppt txt xml json"
)
_MEDIA_LIST = "csv rss jpeg jpg png gif svg webp mp3 mp4 zip epub"
DOCUMENT_ENDINGS = tuple(_DOCUMENT_LIST.split())
FILE_ENDINGS = (*DOCUMENT_ENDINGS, *_MEDIA_LIST.split())
