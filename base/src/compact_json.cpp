#include <samovar/convert.hpp>

#include "base/json_append.hpp"
#include "base/json_passes.hpp"

namespace samovar::convert::detail {

std::string CompactWriter::take() {
    json::note_pass(json::Pass::printed, text_);
    return std::move(text_);
}

void CompactWriter::write_json(const Value& input) { json::append_compact(text_, input); }
void CompactWriter::write_json(const Array& input) { json::append_compact(text_, input); }
void CompactWriter::write_json(const Object& input) { json::append_compact(text_, input); }
void CompactWriter::write_signed(std::int64_t input) { json::append_integer(text_, input); }
void CompactWriter::write_unsigned(std::uint64_t input) { json::append_integer(text_, input); }
void CompactWriter::write_double(double input) { json::append_compact(text_, input); }
void CompactWriter::write_string(std::string_view input) { json::append_compact(text_, input); }

}  // namespace samovar::convert::detail
