//! Any tree of files builds or is refused, and either can be printed. A line `=== PATH` begins a file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stack_kustomize::{BuildOptions, build};
use stack_source::{FileTree, TreePath};

fuzz_target!(|bytes: &[u8]| {
    let mut files = FileTree::new();
    for file in bytes.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>().chunk_by(|_, line| !line.starts_with(b"=== ")) {
        let Some((first, lines)) = file.split_first() else { continue };
        let path = first.strip_prefix(b"=== ").and_then(|path| std::str::from_utf8(path).ok());
        if let Some(path) = path.and_then(|path| TreePath::new(path.trim()).ok()) {
            files.insert(path, lines.concat());
        }
    }
    let root = TreePath::new("r").expect("a path");
    match build(&files, &root, &BuildOptions::default()) {
        Ok(built) => {
            let _ = built.to_yaml();
            let _ = built.warnings.render(&files, false);
        }
        Err(error) => drop(error.render(&files, false)),
    }
});
