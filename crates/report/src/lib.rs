//! Tells it: report model to pages, PDF and canonical JSON.
