// Quoted-printable and base64: a body as lines of at most 76 ASCII characters, and back.
#pragma once

#include <string>
#include <string_view>

namespace localtea::mail {

/// Characters of an encoded line, its CRLF not counted.
inline constexpr std::size_t max_encoded_line = 76;

/// A text in the encoding that makes it smaller; `name` is its Content-Transfer-Encoding.
struct EncodedBody {
    std::string_view name;
    std::string text;
};

/// Encodes UTF-8 text whose lines end in LF or CRLF; the encoded text ends its lines, the last too, with CRLF.
EncodedBody encode_body(std::string_view text);

/// The other way; what is not of the encoding is left out (base64) or kept as it is (quoted-printable).
std::string decode_quoted_printable(std::string_view text);
std::string decode_base64(std::string_view text);

}  // namespace localtea::mail
