//! The command line `kstack` as a library, and the only crate that touches the disk.

pub mod disk;
