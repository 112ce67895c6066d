//! Synthetic texts: sentences and forms with made-up values, in pieces that know what they are.

use serde::Deserialize;

/// A small generator with a fixed seed: the same samples on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| self.roll(10).to_string()).collect()
    }
}

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Words,
    CitizenId,
    IdentityCard,
    PhoneNumber,
}

impl Kind {
    /// The category that must be found in the piece.
    pub(crate) const fn category(self) -> Option<&'static str> {
        match self {
            Self::Words => None,
            Self::CitizenId => Some("citizen_id"),
            Self::IdentityCard => Some("identity_card"),
            Self::PhoneNumber => Some("phone_number"),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    sentences: Vec<String>,
}

/// The sentences of the corpus.
pub(crate) fn sentences() -> Vec<String> {
    let text = include_str!("../corpus/disguises/sentences.toml");
    toml::from_str::<Sentences>(text).unwrap().sentences
}

/// A made-up person.
struct Person {
    name: String,
    year: u64,
    citizen_id: String,
    identity_card: String,
    phone_number: String,
}

fn person(dice: &mut Dice) -> Person {
    const PROVINCES: [&str; 12] = [
        "001", "031", "034", "035", "036", "037", "038", "040", "079", "092", "019", "075",
    ];
    const PREFIXES: [&str; 10] = [
        "032", "038", "056", "070", "079", "083", "090", "091", "097", "098",
    ];
    let year = 1945 + dice.roll(65);
    let sex = dice.roll(2);
    let century = if year < 2000 { sex } else { sex + 2 };
    let family = dice.pick(&["Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi"]);
    let middle = dice.pick(&["Văn", "Thị", "Đức", "Ngọc"]);
    let given = dice.pick(&["Thử", "Mẫu", "Kiểm", "Nghiệm", "Giả", "Định"]);
    Person {
        name: format!("{family} {middle} {given}"),
        year,
        citizen_id: format!(
            "{}{century}{:02}{}",
            dice.pick(&PROVINCES),
            year % 100,
            dice.digits(6)
        ),
        identity_card: format!(
            "{}{}",
            dice.pick(&["01", "03", "14", "16", "24"]),
            dice.digits(7)
        ),
        phone_number: format!("{}{}", dice.pick(&PREFIXES), dice.digits(7)),
    }
}

/// A sentence with values in its places.
pub(crate) fn pieces(sentence: &str, dice: &mut Dice) -> Vec<Piece> {
    let person = person(dice);
    let birth = format!(
        "{:02}/{:02}/{}",
        1 + dice.roll(28),
        1 + dice.roll(12),
        person.year
    );
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, chunk) in sentence.split(['{', '}']).enumerate() {
        let (kind, text) = match chunk {
            "citizen_id" if at % 2 == 1 => (Kind::CitizenId, person.citizen_id.clone()),
            "identity_card" if at % 2 == 1 => (Kind::IdentityCard, person.identity_card.clone()),
            "phone_number" if at % 2 == 1 => (Kind::PhoneNumber, person.phone_number.clone()),
            "name" if at % 2 == 1 => (Kind::Words, person.name.clone()),
            "year" if at % 2 == 1 => (Kind::Words, person.year.to_string()),
            "birth" if at % 2 == 1 => (Kind::Words, birth.clone()),
            words => (Kind::Words, words.to_owned()),
        };
        match pieces.last_mut() {
            Some(last) if last.kind == Kind::Words && kind == Kind::Words => last.text += &text,
            _ => pieces.push(Piece { kind, text }),
        }
    }
    pieces
}
