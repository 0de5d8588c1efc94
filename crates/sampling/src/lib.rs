//! Chooses units and says what they show: plan, draw, evaluation, on exact rationals.
