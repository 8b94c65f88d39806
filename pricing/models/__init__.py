"""What a product costs: posts, pools and moved cost, and what the calculation made of them."""

from pricing.models.calculated import CalculatedKind, CalculationState, CapitalCost, PoolShare, PostCost
from pricing.models.moved import MovedCost
from pricing.models.origins import LineOrigin
from pricing.models.pools import CostPool, PoolLine, PoolProduct, PoolWeight
from pricing.models.posts import Post, PostPart
from pricing.models.steps import WeightStep

__all__ = [
    "CalculatedKind",
    "CalculationState",
    "CapitalCost",
    "CostPool",
    "LineOrigin",
    "MovedCost",
    "PoolLine",
    "PoolProduct",
    "PoolShare",
    "PoolWeight",
    "Post",
    "PostCost",
    "PostPart",
    "WeightStep",
]
