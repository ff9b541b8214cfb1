"""The network that `benchmarks.paper.train` teaches: what it is made of. Needs `torch`."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from paper.reading import learned


class _Again(nn.Module):
    """A layer that adds to what it is given."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.more = nn.Conv2d(width, width, 3, 1, 1)

    def forward(self, given: Tensor) -> Tensor:
        return torch.relu(given + self.more(given))


class _Deeper(nn.Module):
    """Two layers that add to what they are given; nothing at first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        last = nn.BatchNorm2d(width)
        nn.init.zeros_(last.weight)
        self.more = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False), last,
        )  # fmt: skip

    def forward(self, given: Tensor) -> Tensor:
        return torch.relu(given + self.more(given))


class _Beside(nn.Module):
    """Every box looks at the others of its page; it learns nothing from them at first."""

    HEADS = 4

    def __init__(self, width: int) -> None:
        super().__init__()
        self.even, self.evener = nn.LayerNorm(width), nn.LayerNorm(width)
        self.asked, self.told = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.thought = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))
        for one in (self.told, self.thought[2]):
            nn.init.zeros_(one.weight)
            nn.init.zeros_(one.bias)

    def forward(self, given: Tensor, apart: Tensor | None) -> Tensor:
        """`apart`: N × N, no number where two boxes are of different pages."""
        width = given.shape[1] // self.HEADS
        query, key, value = (
            part.reshape(-1, self.HEADS, width).transpose(0, 1)
            for part in self.asked(self.even(given)).chunk(3, 1)
        )
        near = query @ key.transpose(1, 2) / width**0.5
        seen = torch.softmax(near if apart is None else near + apart, 2) @ value
        given = given + self.told(seen.transpose(0, 1).reshape(-1, self.HEADS * width))
        told: Tensor = given + self.thought(self.evener(given))
        return told


class Judge(nn.Module):
    """Every box by itself, and then in the light of all boxes of its page.

    Four by four points at once from the start: a layer that is given one number a point is slow. What is a sum with
    nothing at first was added to a judge that had learnt already.
    """

    def __init__(self) -> None:
        """Untaught."""
        super().__init__()

        def layer(of: int, to: int, size: int, step: int) -> nn.Sequential:
            return nn.Sequential(nn.Conv2d(of, to, size, step, size // 2), nn.ReLU())

        self.seen = nn.Sequential(
            nn.PixelUnshuffle(4), layer(16, 32, 3, 1), layer(32, 32, 3, 1), _Deeper(32),
            layer(32, 64, 3, 2), _Again(64), _Deeper(64),
            layer(64, 64, 3, 2), _Again(64), _Deeper(64), layer(64, 32, 1, 1),
            nn.Flatten(), nn.Linear(32 * 5 * 6, 64), nn.ReLU(),
        )  # fmt: skip
        self.beside = nn.ModuleList([_Beside(64), _Beside(64)])
        self.own, self.usual, self.most = nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, 64)
        self.told = nn.Linear(64, len(learned.HELD))
        self.cooled = nn.Parameter(torch.ones(1), requires_grad=False)

    def forward(self, views: Tensor) -> Tensor:
        """Views of one page → a number for each thing that each box may hold."""
        seen = self.seen(views)
        for one in self.beside:
            seen = one(seen, None)
        page = self.usual(seen.mean(0, keepdim=True)) + self.most(seen.amax(0, keepdim=True))
        told: Tensor = self.told(torch.relu(self.own(seen) + page)) * self.cooled
        return told

    def together(self, views: Tensor, page: Tensor) -> Tensor:
        """The same for several pages at once; `page`: to which each view belongs, 0, 0, …, 1, 1, …"""
        seen = self.seen(views)
        apart = torch.where(page[:, None] == page[None, :], 0.0, -torch.inf)
        for one in self.beside:
            seen = one(seen, apart)
        count = int(page[-1]) + 1
        at = page[:, None].expand_as(seen)
        blank = torch.zeros(count, seen.shape[1], dtype=seen.dtype)
        usual = blank.scatter_reduce(0, at, seen, "mean", include_self=False)
        most = blank.scatter_reduce(0, at, seen, "amax", include_self=False)
        context = (self.usual(usual) + self.most(most))[page]
        told: Tensor = self.told(torch.relu(self.own(seen) + context)) * self.cooled
        return told


def direct(judge: Judge) -> Judge:
    """The same, its first layer taking points where they lie: to lay four by four together costs a millisecond."""
    told: Judge = deepcopy(judge).eval()
    first = told.seen[1][0]
    by, size = 4, first.kernel_size[0]
    wide = nn.Conv2d(1, first.out_channels, by * size, by, by * (size // 2))
    weight = first.weight.detach().unflatten(1, (by, by)).permute(0, 3, 1, 4, 2)
    wide.weight = nn.Parameter(weight.reshape_as(wide.weight))
    wide.bias = first.bias
    told.seen[0], told.seen[1][0] = nn.Identity(), wide
    return told
