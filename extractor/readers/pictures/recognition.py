"""Text in pictures: where it stands, and what it says. PP-OCRv6 by rapidocr, with the models that its package ships.

Nothing is downloaded: the models are named by path, and a missing one is an error.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from extractor.errors import InputError
from extractor.readers.reading import MOST_PROCESSES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rapidocr import RapidOCR

    Pixels = NDArray[np.uint8]  # height, width, and blue, green, red as OpenCV has them
    Quads = NDArray[np.float64]  # number, 4 corners from the top left one clockwise, x and y

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}
_MAX_THREADS = 4
_PROBE = 1600  # pixels of the longer side that text is first looked for in
_HEIGHTS = 14.0, 48.0  # pixels of a line as found; below, lines are lost, above, time
_BEST_HEIGHT = 18.0
_MAX_SCALE = 4.0
_BAND_PIXELS = 2_500_000  # that text is looked for in at once, for the sake of memory
_OVERLAP = 160  # pixels that bands have in common: more than a heading is high
_BATCH_WIDTH = 12_000  # pixels of lines recognised at once, 48 pixels high

_inference = threading.Lock()  # one at a time: it is itself spread over the threads allowed


class Recognised(NamedTuple):
    """What a line says.

    Attributes:
        text: as recognised.
        confidence: from 0 to 1.
    """

    text: str
    confidence: float


def _engine() -> RapidOCR:
    """The engine of this process; to be used while ``_inference`` is held."""
    return _engine_of(os.getpid())


def _threads() -> int:
    """Those of this process: in one of several that read files, its share of the cores."""
    cores = os.cpu_count() or 1
    is_alone = multiprocessing.parent_process() is None
    return min(_MAX_THREADS, cores if is_alone else max(cores // MOST_PROCESSES, 1))


@cache
def _engine_of(_process: int) -> RapidOCR:
    """Made anew in a process forked off: the threads of the other one are not there."""
    from pathlib import Path

    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    missing = [name for name in _MODELS.values() if not (folder / name).is_file()]
    if missing:
        raise InputError(
            f"rapidocr lacks its models {', '.join(missing)}: pip install --force-reinstall 'zhenggai[ocr]'"
        )
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": 1 << 20,
            "Global.min_side_len": 1,
            "Det.limit_side_len": 32,  # the scale is chosen here
            "Global.use_cls": False,
            "Global.use_rec": False,
            "Rec.rec_batch_num": 1 << 10,
            "EngineConfig.onnxruntime.intra_op_num_threads": _threads(),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        | {f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()}
    )


def text_lines(pixels: Pixels) -> Quads:
    """The lines of text in a picture, which may be askew; lines of neighbouring columns may come as one."""
    import numpy as np

    scale = min(1.0, _PROBE / max(pixels.shape[:2]))
    quads = _found(pixels, scale)
    if not len(quads):
        return _found(pixels, min(_MAX_SCALE, 2 * scale))
    height = _median_height(quads) * scale
    if not _HEIGHTS[0] <= height <= _HEIGHTS[1]:
        scale = min(_MAX_SCALE, scale * _BEST_HEIGHT / height)
        found = _found(pixels, scale)
        quads = found if len(found) else quads
    large = _found(pixels, scale / 2)  # headings that are too large to be seen whole at the scale of the text
    return np.concatenate([quads, large[_uncovered(large, quads, pixels.shape[:2])]])


def _uncovered(quads: Quads, others: Quads, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which quads are hardly covered by any others."""
    import cv2
    import numpy as np

    mask = np.zeros((shape[0] // 4 + 1, shape[1] // 4 + 1), np.float32)
    cv2.fillPoly(mask, list((others / 4).astype(np.int32)), (1.0,))
    corners = (quads / 4).astype(int)
    boxes = zip(corners.min(axis=1), corners.max(axis=1), strict=True)
    return np.array(
        [mask[top : bottom + 1, left : right + 1].mean() < 0.2 for (left, top), (right, bottom) in boxes], bool
    )


def _median_height(quads: Quads) -> float:
    import numpy as np

    sides = np.stack([np.hypot(*(quads[:, 1] - quads[:, 0]).T), np.hypot(*(quads[:, 3] - quads[:, 0]).T)])
    return float(np.median(sides.min(axis=0)))


def _found(pixels: Pixels, scale: float) -> Quads:
    """The lines as found in the picture at a scale, in its own pixels, looked for in bands over its whole width."""
    import cv2
    import numpy as np

    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = pixels if scale == 1 else cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=way)
    height, width = scaled.shape[:2]
    step = max(2 * _OVERLAP, _BAND_PIXELS // width)
    found = [np.empty((0, 4, 2))]
    for top in range(0, max(1, height - _OVERLAP), step):
        start = max(0, top - _OVERLAP)
        with _inference:
            answer: Any = _engine()(np.ascontiguousarray(scaled[start : top + step + _OVERLAP]))
        if answer.boxes is not None:
            quads = np.asarray(answer.boxes, dtype=np.float64)
            quads[:, :, 1] += start
            middles = quads[:, :, 1].mean(axis=1)
            is_last = top + step >= height - _OVERLAP
            found.append(quads[(middles >= top) & ((middles < top + step) | is_last)])
    return np.concatenate(found) / scale


def recognise(lines: Sequence[Pixels]) -> list[Recognised]:
    """What upright pictures of one line each say."""
    ratios = [line.shape[1] / line.shape[0] for line in lines]
    order = sorted(range(len(lines)), key=ratios.__getitem__)
    found = [Recognised("", 0.0)] * len(lines)
    while order:
        widest = max(1, int(_BATCH_WIDTH / (48 * max(ratios[order[-1]], 320 / 48))))
        batch, order = order[-widest:], order[:-widest]
        with _inference:
            result = _engine().recognize_txt([lines[number] for number in batch])
        for number, text, confidence in zip(batch, result.txts or (), result.scores, strict=False):
            found[number] = Recognised(text.strip(), float(confidence))
    return found


def upside_down(lines: Sequence[Pixels]) -> bool:
    """Whether most of some lines stand on their heads."""
    if not lines:
        return False
    with _inference:
        _, result = _engine().cls_and_rotate(list(lines))
    votes = [confidence if label == "180" else -confidence for label, confidence in result.cls_res or ()]
    return sum(votes) > 0
