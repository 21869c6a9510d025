#include "header_scanner.hpp"

namespace web::detail {

HeaderScanner::Verdict HeaderScanner::scan(std::string_view bytes) {
    for (;;) {
        const std::size_t end = bytes.find('\n', scanned_);
        const std::size_t seen = end == std::string_view::npos ? bytes.size() : end;
        if (seen > bounds_->header) return lines_ == 0 ? Verdict::line_too_long : Verdict::header_too_large;
        if (end == std::string_view::npos) {
            scanned_ = bytes.size();
            return Verdict::need_more;
        }
        const Verdict verdict = line(bytes.substr(line_start_, end - line_start_));
        line_start_ = scanned_ = end + 1;
        if (verdict != Verdict::need_more) return verdict;
    }
}

HeaderScanner::Verdict HeaderScanner::line(std::string_view text) {
    if (!text.ends_with('\r')) return Verdict::bad_line;
    text.remove_suffix(1);
    if (text.find('\r') != std::string_view::npos || text.find('\0') != std::string_view::npos)
        return Verdict::bad_line;
    if (text.empty()) return Verdict::complete;
    if (lines_ > 0 && (text.front() == ' ' || text.front() == '\t')) return Verdict::bad_line;
    if (++lines_ > bounds_->header_fields + 1) return Verdict::header_too_large;
    return Verdict::need_more;
}

}  // namespace web::detail
