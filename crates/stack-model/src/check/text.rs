//! Words of the author that end in a text with a grammar of its own: nginx's configuration, SQL.

use super::{Faults, Subject};
use crate::component::{Nginx, Postgres, Route};
use crate::{Known, rule};

/// What a service's words must look like where they are written into another language.
pub(super) fn check(subject: &Subject, faults: &mut Faults) {
    match &subject.service.component {
        Some(Known::Nginx(nginx)) => routes(subject, nginx, faults),
        Some(Known::Postgres(postgres)) => identifiers(subject, postgres, faults),
        _ => {}
    }
}

fn routes(subject: &Subject, nginx: &Nginx, faults: &mut Faults) {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.~-".contains(c));
    let mut path = |text: &str, what: &str, absolute: bool| {
        if !plain(text) || text.starts_with('/') != absolute {
            let form = if absolute { "starts with `/` and holds" } else { "holds" };
            let message = format!("{what} `{text}` of `{}` would break nginx's configuration", subject.name);
            let help = format!("it {form} letters, digits, `/`, `_`, `.`, `~` and `-`");
            faults.add(&rule::INVALID_PATH, subject.service.place("routes"), message, Some(help));
        }
    };
    for (prefix, route) in &nginx.routes {
        path(prefix, "the route", true);
        match route {
            Route::Files { root, fallback } => {
                path(root, "the folder", true);
                if let Some(file) = fallback {
                    path(file, "the fallback", false);
                }
            }
            Route::Proxy { strip: Some(strip), .. } => path(strip, "the stripped prefix", true),
            Route::Proxy { strip: None, .. } => {}
        }
    }
}

fn identifiers(subject: &Subject, postgres: &Postgres, faults: &mut Faults) {
    let plain = |text: &str| {
        !text.is_empty() && text.len() <= 63 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let named = postgres.user.iter().map(|user| ("user", "superuser", user));
    let named = named.chain(postgres.database.iter().map(|database| ("database", "database", database)));
    let named = named.chain(postgres.extensions.iter().map(|extension| ("extensions", "extension", extension)));
    for (key, what, text) in named.filter(|(.., text)| !plain(text)) {
        let message = format!("`{text}` is no name of a {what} of `{}`", subject.name);
        let help = "use 1 to 63 letters, digits, `_` and `-`".to_owned();
        faults.add(&rule::INVALID_NAME, subject.service.place(key), message, Some(help));
    }
}
