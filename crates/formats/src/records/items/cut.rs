//! Where one element of an array ends.

/// Finds the end of one element by its brackets and quotes, across chunks.
#[derive(Default)]
pub(super) struct Cut {
    depth: u64,
    in_string: bool,
    escaped: bool,
    begun: bool,
    in_scalar: bool,
    pub(super) ended: bool,
}

impl Cut {
    /// How many bytes of `chunk` belong to the element.
    pub(super) fn take(&mut self, chunk: &[u8]) -> usize {
        for (index, &byte) in chunk.iter().enumerate() {
            if self.in_scalar && matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r') {
                self.ended = true;
                return index;
            }
            self.step(byte);
            if self.ended {
                return index + 1;
            }
        }
        chunk.len()
    }

    fn step(&mut self, byte: u8) {
        let is_first = !self.begun;
        self.begun = true;
        if self.in_string {
            match (self.escaped, byte) {
                (true, _) => self.escaped = false,
                (false, b'\\') => self.escaped = true,
                (false, b'"') => {
                    self.in_string = false;
                    self.ended = self.depth == 0;
                }
                _ => {}
            }
            return;
        }
        match byte {
            b'"' if !self.in_scalar => self.in_string = true,
            b'{' | b'[' if !self.in_scalar => self.depth += 1,
            b'}' | b']' if self.depth > 0 => {
                self.depth -= 1;
                self.ended = self.depth == 0;
            }
            _ if is_first => self.in_scalar = true,
            _ => {}
        }
    }
}
