"""Evidence about touchpoints: interviews, quotes, notes, studies; erasable, hence no part of the plan."""
