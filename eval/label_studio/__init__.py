"""Annotating in Label Studio: records as its tasks and back, without loss.

The format is the raw JSON of Label Studio tasks (https://labelstud.io/guide/task_format); its editor counts places in
a text in code points, as records do. Every span is a region with the name of its field as label; values that no span
holds (dates, sums, kinds, printed numbers) are per-region fields under the same region id. Relations keep what hangs
together:

- *part of* leads from each part of a finding to the region that stands for the finding: its statement, or its
  rectification where it has none. A rectification or a heading that several findings share leads to each of them.
- *continues* leads from each further piece of a torn passage to the piece before it.
"""

from eval.label_studio.reading import read_task
from eval.label_studio.tasks import annotation_task, prediction_task
from eval.label_studio.vocabulary import labeling_config

__all__ = ["annotation_task", "labeling_config", "prediction_task", "read_task"]
