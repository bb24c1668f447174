//! A component of one's own: what is known of an image is said once, and its endpoint has a type.
//!
//! Mailpit takes a stack's mails in development and shows them on a page.

use stack_model::units::{gi, mi, milli};
use stack_model::{
    Component, Connection, Declared, Endpoint, Port, Protocol, Relation, Service, Speaks, Stack, Template, speaks,
};

/// Mailpit, with the most mails that it keeps.
struct Mailpit {
    keep: u32,
}

/// A Mailpit that others can connect to.
struct MailpitRef(String);

/// SMTP, of which the model knows only that it is TCP.
struct Smtp;

impl Speaks for Smtp {
    const PROTOCOL: Protocol = Protocol::Tcp;
}

impl MailpitRef {
    fn smtp(&self) -> Endpoint<Smtp> {
        Endpoint::new(&self.0, "smtp")
    }

    fn page(&self) -> Endpoint<speaks::Http> {
        Endpoint::new(&self.0, "http")
    }
}

impl Component for Mailpit {
    type Handle = MailpitRef;

    fn declare(self, declared: Service) -> Service {
        let facts = Declared::of(stack_model::Plain)
            .image("axllent/mailpit:v1.27.11")
            .port("http", 8025)
            .port_speaking("smtp", Port::new(1025, Protocol::Tcp))
            .env("MP_MAX_MESSAGES", self.keep.to_string())
            .probe("/readyz")
            .user(1000)
            .cpu(milli(50)..milli(250))
            .memory(mi(64)..mi(128));
        let mut service = facts.service;
        service.merge(&declared);
        service
    }

    fn handle(name: &str) -> MailpitRef {
        MailpitRef(name.to_owned())
    }
}

/// Sends mail there: takes an SMTP endpoint and nothing else.
fn mail(to: impl Into<Connection<Smtp>>) -> Relation {
    to.into().env("SMTP_URL", Template::parse("smtp://<host>:<port>")).into()
}

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut stack = Stack::new("letters");
    let mailpit = stack.add("mailpit", Declared::of(Mailpit { keep: 500 }).memory(mi(64)..gi(1)));
    stack.add(
        "web",
        Service::image("ghcr.io/example/letters:1.4.0")
            .port("http", 8080)
            .user(1000)
            .uses(mail(mailpit.smtp().when_ready()))
            .uses(mailpit.page().purpose("Preview")),
    );
    print!("{}", stack.check()?.lower().to_yaml()?);
    Ok(())
}
