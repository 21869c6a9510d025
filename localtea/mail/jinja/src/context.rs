//! The context as `TemplateEngine` encodes it: one tag byte per value, sizes and numbers in 8 bytes, little endian.
//! Unlike JSON it carries every double, NaN included, to the last bit and needs no parser.

use minijinja::value::Value;

/// Deeper nesting than any message may have: the decoder recurses.
const MAX_DEPTH: usize = 512;

pub fn decode(bytes: &[u8]) -> Result<Value, String> {
    let mut reader = Reader { bytes };
    let value = reader.value(0)?;
    if reader.bytes.is_empty() {
        Ok(value)
    } else {
        Err("the context has trailing bytes".into())
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, size: usize) -> Result<&'a [u8], String> {
        if size > self.bytes.len() {
            return Err("the context is cut short".into());
        }
        let (head, tail) = self.bytes.split_at(size);
        self.bytes = tail;
        Ok(head)
    }

    fn word(&mut self) -> Result<u64, String> {
        Ok(u64::from_le_bytes(self.take(8)?.try_into().expect("8 bytes")))
    }

    fn text(&mut self) -> Result<&'a str, String> {
        let size = self.word()?;
        let bytes = self.take(usize::try_from(size).unwrap_or(usize::MAX))?;
        std::str::from_utf8(bytes).map_err(|_| "a string of the context is not UTF-8".into())
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("the context is nested deeper than {MAX_DEPTH}"));
        }
        Ok(match self.take(1)?[0] {
            b'n' => Value::from(()),
            b't' => Value::from(true),
            b'f' => Value::from(false),
            b'i' => Value::from(self.word()? as i64),
            b'u' => Value::from(self.word()?),
            b'd' => Value::from(f64::from_bits(self.word()?)),
            b's' => Value::from(self.text()?),
            b'a' => (0..self.word()?).map(|_| self.value(depth + 1)).collect::<Result<Vec<_>, _>>()?.into(),
            b'o' => {
                let members = (0..self.word()?).map(|_| Ok((self.text()?, self.value(depth + 1)?)));
                Value::from_pairs(members.collect::<Result<Vec<(&str, Value)>, String>>()?)
            }
            tag => return Err(format!("the context has an unknown tag {tag}")),
        })
    }
}
