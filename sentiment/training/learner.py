"""Teaches a network step by step, and keeps the running mean that is shipped."""

from typing import Final

import torch

from listening.logs import get_logger
from sentiment.training.network import Network
from sentiment.training.row_table import BETAS
from sentiment.training.student import KEPT, RATE, WARM_UP

log = get_logger("sentiment.training")

_MEAN_EVERY: Final = 20
_REPORT_EVERY: Final = 300


class Learner:
    """A network and the mean of all it was; its tables keep their own."""

    def __init__(self, net: Network, *, steps: int, last_rate: float) -> None:
        """Begin.

        Args:
            net: What learns.
            steps: Over which the rate falls.
            last_rate: To which share of where it began.
        """
        self.net, self._steps, self._last_rate = net, steps, last_rate
        self._optimiser = torch.optim.Adam(net.parameters(), lr=RATE, betas=BETAS)
        self.mean = {name: value.clone() for name, value in net.state_dict().items()}
        self._step = 0

    def learn(self, loss: torch.Tensor) -> None:
        """Move everything one step along the gradient of the loss."""
        self._step += 1
        step = self._step
        left = 1 - (1 - self._last_rate) * step / self._steps
        rate = RATE * min(1.0, step / WARM_UP) * left
        self._optimiser.zero_grad()
        self._optimiser.param_groups[0]["lr"] = rate
        loss.backward()
        self._optimiser.step()
        for table in self.net.tables.values():
            table.step(rate)
        if step % _MEAN_EVERY == 0:
            self._average(min(KEPT, step / (step + 50)) ** _MEAN_EVERY)
        if step % _REPORT_EVERY == 0:
            log.info("student_stepped", step=step, loss=round(loss.item(), 3))

    def _average(self, kept: float) -> None:
        with torch.no_grad():
            for table in self.net.tables.values():
                table.mean.lerp_(table.rows, 1 - kept)
            for name, value in self.net.state_dict().items():
                self.mean[name].lerp_(value, 1 - kept)
