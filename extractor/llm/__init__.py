"""The online engine: a language model that points at units of a notice, through any OpenAI-compatible endpoint."""
