use std::io::{self, Write};

use crate::Exit;
use crate::failure::Failure;

/// Where a command writes: results to one stream, what is said about them to the other.
pub struct Console<'a> {
    out: Box<dyn Write + 'a>,
    err: Box<dyn Write + 'a>,
    colour: bool,
    /// Whether results go where nobody sees colours.
    strips: bool,
}

impl<'a> Console<'a> {
    /// Two plain streams.
    pub fn new(out: impl Write + 'a, err: impl Write + 'a) -> Self {
        Self { out: Box::new(out), err: Box::new(err), colour: false, strips: false }
    }

    /// Asks for colour.
    #[must_use]
    pub fn colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    pub(crate) fn print(&mut self, text: &str) -> Result<(), Failure> {
        // A large tree of objects, which have no colours, is not gone through byte by byte for them.
        if self.strips && text.contains('\u{1b}') {
            return write(&mut self.out, &anstream::adapter::strip_str(text).to_string());
        }
        write(&mut self.out, text)
    }

    pub(crate) fn say(&mut self, text: &str) -> Result<(), Failure> {
        write(&mut self.err, text)
    }

    /// Help and the version are results; a wrong usage is told.
    pub(crate) fn answer(&mut self, answer: &clap::Error) -> Result<Exit, Failure> {
        let text = answer.render();
        let text = if self.colour { text.ansi().to_string() } else { text.to_string() };
        if answer.use_stderr() {
            self.say(&text)?;
            Ok(Exit::Misused)
        } else {
            self.print(&text)?;
            Ok(Exit::Good)
        }
    }

    pub(crate) fn is_coloured(&self) -> bool {
        self.colour
    }
}

impl Console<'static> {
    /// The terminal, or what stands in for it; colour only where a person reads, and `NO_COLOR` is not set.
    pub fn terminal() -> Self {
        let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
        let strips = anstream::AutoStream::choice(&io::stdout()) == anstream::ColorChoice::Never;
        let out: Box<dyn Write> =
            if strips { Box::new(io::stdout()) } else { Box::new(io::BufWriter::new(anstream::stdout())) };
        Self { out, err: Box::new(anstream::stderr()), colour, strips }
    }
}

fn write(stream: &mut dyn Write, text: &str) -> Result<(), Failure> {
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).map_err(Failure::Stream)
}
