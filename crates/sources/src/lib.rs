//! Reads what a record says in the reviewer's words: time, event, actor, outcome, text.
