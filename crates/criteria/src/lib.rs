//! The criteria a finding can cite: frameworks, clauses, duties.
