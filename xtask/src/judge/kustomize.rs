use std::{env, fs};

use super::subject::{Subject, overlays};
use super::tools::{builders, named};
use super::{Failure, Verdict, count, yaml};

/// Every builder builds every overlay to the same bytes.
pub(super) fn ask(subjects: &[Subject]) -> Verdict {
    let builders = builders()?;
    let overlays = overlays(subjects)?;
    let mut objects = 0;
    for (subject, environment) in &overlays {
        let expected = subject.render(environment, &builders)?;
        objects += yaml::documents(&expected)?.len();
        for builder in &builders {
            let built = builder.build(&subject.overlay(environment))?;
            if built != expected {
                let difference = first_difference(&expected, &built);
                let place = format!("{}, {environment}: {} differs from `render`", subject.name, builder.name);
                return Err(Failure::Wrong(format!("{place}\n{difference}")));
            }
        }
        stored(subject, environment, &expected)?;
    }
    let (overlays, objects) = (count(overlays.len(), "overlay"), count(objects, "object"));
    Ok(format!("{overlays}, {objects}: the same bytes from {}", named(&builders)))
}

/// What the real programs built is kept, so that tests without them have it to compare with.
fn stored(subject: &Subject, environment: &str, built: &[u8]) -> Result<(), Failure> {
    let Some(file) = subject.stored(environment) else { return Ok(()) };
    if env::var_os(STORE).is_some() {
        let folder = file.parent().unwrap_or(&file);
        return fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, built))
            .map_err(|error| Failure::Wrong(format!("{}: {error}", file.display())));
    }
    match fs::read(&file) {
        Ok(kept) if kept == built => Ok(()),
        _ => Err(Failure::Wrong(format!(
            "{} is not what is built: {STORE}=1 cargo xtask judge kustomize",
            file.display()
        ))),
    }
}

/// Set, it makes the judge keep what was built.
pub(super) const STORE: &str = "KSTACK_STORE";

pub(super) fn first_difference(expected: &[u8], built: &[u8]) -> String {
    let (expected, built) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(built));
    let mut lines = expected.lines().map(Some).chain([None]).zip(built.lines().map(Some).chain([None])).enumerate();
    let differ = lines.find(|(_, (expected, built))| expected != built);
    let shown = |line: Option<&str>| line.unwrap_or("(end)").to_owned();
    differ.map_or_else(
        || "one goes on where the other ends".to_owned(),
        |(index, (ours, theirs))| format!("line {}\n- {}\n+ {}", index + 1, shown(ours), shown(theirs)),
    )
}
