use std::io;

use stack_overlay::emit::{LOCAL, OVERLAYS};

use crate::disk::{DiskError, InTheWay, Why};
use crate::report::Refused;
use crate::{Console, Exit, Surroundings};

/// Why a command did not do what it was asked for.
pub(crate) enum Failure {
    /// The command was not understood; with what to write instead.
    Usage(String),
    /// The input has faults.
    Refused(Box<Refused>),
    /// Reading or writing failed, or an edited file is in the way.
    Disk(DiskError),
    /// What the system said.
    System(String),
    /// Nobody reads our output any more.
    Stream(io::Error),
}

impl From<DiskError> for Failure {
    fn from(error: DiskError) -> Self {
        Self::Disk(error)
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

impl Failure {
    /// The system refused to do something with a file or folder.
    pub(crate) fn io(doing: &str, path: &std::path::Path, error: &io::Error) -> Self {
        Self::System(format!("cannot {doing} `{}`: {error}", path.display()))
    }

    pub(crate) fn tell(self, json: bool, surroundings: &Surroundings, console: &mut Console<'_>) -> Exit {
        if let Some(answer) = self.json().filter(|_| json) {
            let _ = console.print(&format!("{answer:#}\n"));
            return Exit::Faulty;
        }
        let (text, exit) = match self {
            Self::Usage(text) => {
                (format!("error: {text}\n\nFor more, try `{} --help`.\n", surroundings.program), Exit::Misused)
            }
            Self::Refused(refused) => (refused.text(console.is_coloured()), Exit::Faulty),
            Self::Disk(error) => (disk_error(&error), Exit::Faulty),
            Self::System(text) => (format!("error: {text}\n"), Exit::Faulty),
            // `kstack render dev | head` is no fault, and there is nobody to tell anything else.
            Self::Stream(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Good,
            Self::Stream(error) => (format!("error: cannot write the output: {error}\n"), Exit::Faulty),
        };
        // Where even this cannot be said, the exit code says it.
        let _ = console.say(&text);
        exit
    }
}

impl Failure {
    /// The answer for a program, where it is about the input.
    fn json(&self) -> Option<serde_json::Value> {
        match self {
            Self::Refused(refused) => Some(crate::report::json(&refused.report, &refused.files)),
            Self::Disk(DiskError::InTheWay(files)) => {
                let files: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
                Some(serde_json::json!({"good": false, "inTheWay": files}))
            }
            Self::Disk(error) => Some(serde_json::json!({"good": false, "error": error.to_string()})),
            Self::System(text) => Some(serde_json::json!({"good": false, "error": text})),
            Self::Usage(_) | Self::Stream(_) => None,
        }
    }
}

fn disk_error(error: &DiskError) -> String {
    use std::error::Error as _;

    let DiskError::InTheWay(files) = error else {
        let source = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        return format!("error: {error}{source}\n");
    };
    let mut text = String::new();
    for file in files {
        text.push_str(&in_the_way(file));
    }
    let count = crate::table::count(files.len(), "file is", "files are");
    text.push_str(&format!("{count} in the way, nothing written\n"));
    let yields = || files.iter().filter(|file| file.why.yields_to_force());
    if yields().any(|file| !is_local(file)) {
        text.push_str(
            "to keep an edit, say it in stack.yaml or an overlay (`patches:` takes what has no word of its own);\n",
        );
    }
    if yields().any(is_local) {
        text.push_str("to keep an edited key, say it in the file of own keys;\n");
    }
    if yields().next().is_some() {
        text.push_str("to drop it, emit again with --force\n");
    }
    text
}

fn in_the_way(file: &InTheWay) -> String {
    let mut text = format!("error: {file}\n");
    // The difference of a file with own keys would show them.
    if let Some(diff) = file.diff.as_ref().filter(|_| !file.path.as_str().starts_with(LOCAL)) {
        for line in diff.lines() {
            text.push_str(&format!("  {line}\n"));
        }
    }
    if is_local(file) && matches!(file.why, Why::Edited { .. } | Why::EditedAndDropped) {
        let environment = file.path.parts().nth(2).unwrap_or("ENV");
        text.push_str(&format!(
            "  help: in the file that `secrets: {{local: …}}` of overlays/{environment}.yaml names: SECRET.KEY=VALUE\n"
        ));
    } else if let (Why::Edited { .. }, Some(typed)) = (file.why, typed_way(file)) {
        text.push_str(&format!("  help: {typed}\n"));
    }
    text.push('\n');
    text
}

/// Whether a file is made from own keys.
fn is_local(file: &InTheWay) -> bool {
    file.path.as_str().strip_prefix(LOCAL).is_some_and(|rest| rest.starts_with('/'))
}

/// How the author says what an edit changed, for the fields that are edited most.
fn typed_way(file: &InTheWay) -> Option<String> {
    const WAYS: [(&str, &str); 9] = [
        ("replicas:", "`services: {NAME: {replicas: …}}`"),
        ("image:", "`services: {NAME: {image: …}}`, or `images: {registry: …, tag: …}` for built ones"),
        ("newTag:", "`images: {tag: …}`"),
        ("cpu:", "`services: {NAME: {resources: {cpu: REQUEST..LIMIT}}}`"),
        ("memory:", "`services: {NAME: {resources: {memory: REQUEST..LIMIT}}}`"),
        ("storage:", "`services: {NAME: {storage: …}}`"),
        ("namePrefix:", "`prefix: …`"),
        ("nameSuffix:", "`suffix: …`"),
        ("namespace:", "`namespace: …`"),
    ];
    let edited = file.diff.as_deref()?.lines().filter(|line| line.starts_with('+') && !line.starts_with("+++"));
    let changed: Vec<&str> = edited.map(|line| line[1..].trim().trim_start_matches("- ")).collect();
    let way = WAYS.iter().find(|(field, _)| changed.iter().any(|line| line.starts_with(field)))?;
    let environment = file.path.as_str().strip_prefix(OVERLAYS).and_then(|rest| rest.split('/').nth(1));
    let home = environment.map_or_else(|| "stack.yaml".to_owned(), |name| format!("overlays/{name}.yaml"));
    Some(format!("in {home}: {}", way.1))
}
