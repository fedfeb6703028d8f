"""python -m extractor is the command zhenggai."""

from extractor.cli import main

main(prog_name="zhenggai")
