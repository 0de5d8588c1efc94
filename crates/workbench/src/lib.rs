//! What a reviewer can do: use cases, custody, contract types for both doors.

pub mod contract;
