//! What the shipped packages render to is what the real kustomize built of their trees, as `cargo xtask judge kustomize` kept it.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn render_is_what_the_real_kustomize_built() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut compared = 0;
    for package in fs::read_dir(repository.join("tests/judges/results")).unwrap() {
        let package = package.unwrap().path();
        for result in fs::read_dir(&package).unwrap() {
            let result = result.unwrap().path();
            let environment = result.file_stem().unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_kstack"))
                .args(["render", "--package"])
                .arg(repository.join("examples").join(package.file_name().unwrap()))
                .arg(environment)
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert!(output.stdout == fs::read(&result).unwrap(), "{} is not what is rendered", result.display());
            compared += 1;
        }
    }
    assert!(compared >= 3, "{compared} results were found");
}
