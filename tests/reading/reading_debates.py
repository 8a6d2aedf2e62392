"""The debates that the reading tests use, and where the real articles lie."""

from pathlib import Path
from typing import Final

from pipeline.settings import Debate

SHARED: Final = Path(__file__).parents[2].parent / "shared"

MODELS: Final = Debate.model_validate(
    {
        "sides": {
            "open": {
                "label": "开源",
                "terms": (
                    "开源",
                    "开源模型",
                    "开源大模型",
                    "开放权重",
                    "open source",
                    "open-source",
                    "open model",
                    "open models",
                ),
                "not_terms": ("开源节流", "开源证券", "open source intelligence"),
            },
            "closed": {
                "label": "闭源",
                "terms": (
                    "闭源",
                    "闭源模型",
                    "封闭模型",
                    "closed source",
                    "closed-source",
                    "closed model",
                    "proprietary",
                ),
                "not_terms": ("闭门会议",),
            },
        },
        "topic": {"any": ("大模型", "模型", "AI", "人工智能", "LLM", "GPT", "DeepSeek")},
        "actor": (
            {"name": "萨姆·奥尔特曼", "aliases": ("奥特曼", "阿尔特曼", "Sam Altman", "Altman"), "org": "OpenAI"},
        ),
    }
)
OFFICE: Final = Debate.model_validate(
    {
        "sides": {
            "remote": {"label": "居家", "terms": ("居家办公", "远程办公", "remote work", "working from home")},
            "office": {
                "label": "坐班",
                "terms": ("坐班", "到岗办公", "office mandate", "working from the office", "office work"),
            },
        },
    }
)
POWER: Final = Debate.model_validate(
    {
        "sides": {
            "nuclear": {"label": "核电", "terms": ("核电", "核能", "nuclear power", "nuclear energy")},
            "wind": {"label": "风电", "terms": ("风电", "风能", "wind power", "wind energy")},
        },
        "topic": {"any": ("电力", "能源", "power", "energy", "核电", "风电")},
    }
)
DEBATES: Final = {"models": MODELS, "office": OFFICE, "power": POWER}


def swapped(debate: Debate) -> Debate:
    """Return the same debate with its sides in the other order."""
    first, second = debate.sides
    return debate.model_copy(update={"sides": (second, first)})
