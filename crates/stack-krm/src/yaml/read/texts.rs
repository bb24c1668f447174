use crate::yaml::Text;

/// The longest text that is remembered: most keys, kinds and names are shorter.
const LONGEST: usize = 24;

/// Short texts that were met lately. What is met again is shared instead of allocated anew, also in another text that is read with
/// the same memory.
#[derive(Clone, Debug)]
pub struct TextMemory {
    slots: Vec<Option<Text>>,
}

impl TextMemory {
    /// A memory for texts of so many bytes in all: a small one for a short text, as a large one takes longer to set up.
    pub fn new(bytes: usize) -> Self {
        Self { slots: vec![None; (bytes / 8).next_power_of_two().clamp(16, 1 << 10)] }
    }

    pub(super) fn text(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return Text::default();
        }
        if text.len() > LONGEST {
            return text.into();
        }
        let hash = text.bytes().fold(0xcbf2_9ce4_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let last = self.slots.len() - 1;
        let slot = &mut self.slots[(hash ^ (hash >> 15)) as usize & last];
        match slot {
            Some(known) if known.as_str() == text => known.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }
}

/// For texts of any length.
impl Default for TextMemory {
    fn default() -> Self {
        Self::new(usize::MAX >> 1)
    }
}
