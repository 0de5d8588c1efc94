//! The print theme: dark enough for a black-and-white printer, and the same roles as on the screen.

/// A colour of the print theme, red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    /// Text.
    pub const TEXT: Colour = Colour(0x11, 0x11, 0x11);
    /// Labels, captions, second lines.
    pub const MUTED: Colour = Colour(0x44, 0x44, 0x3f);
    /// Units and offsets.
    pub const QUIET: Colour = Colour(0x5a, 0x5a, 0x55);
    /// Hairlines between rows.
    pub const RULE: Colour = Colour(0xd3, 0xd3, 0xcc);
    /// Lines under column heads, axes.
    pub const RULE_STRONG: Colour = Colour(0x6a, 0x6a, 0x65);
    /// The one accent, never an outcome.
    pub const ACCENT: Colour = Colour(0x22, 0x43, 0x79);
    /// Proven, pass, supports, observed.
    pub const PROVEN: Colour = Colour(0x18, 0x5a, 0x38);
    /// Refuted, fail, deviation, exception, fault.
    pub const REFUTED: Colour = Colour(0x8f, 0x21, 0x18);
    /// Not proven, not checked, silent interval, hostile character.
    pub const UNPROVEN: Colour = Colour(0x65, 0x48, 0x00);
    /// Not applicable, not evaluable.
    pub const NONE: Colour = Colour(0x5a, 0x5a, 0x55);
    /// What lies inside a filled mark.
    pub const PAPER: Colour = Colour(0xff, 0xff, 0xff);
    /// Series of a chart.
    pub const SERIES: Colour = Colour(0x55, 0x55, 0x4f);
    /// Behind commands.
    pub const SUNKEN: Colour = Colour(0xf5, 0xf5, 0xf2);

    /// The three parts from 0 to 1, in the device's RGB.
    pub fn parts(self) -> [f32; 3] {
        [self.0, self.1, self.2].map(|part| (f32::from(part) / 255.0 * 1000.0).round() / 1000.0)
    }
}
