"""What all shapes of configuration files share."""

from pydantic import BaseModel, ConfigDict


class Spec(BaseModel):
    """Any part of a configuration file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
