#include "task/store_errors.hpp"

#include <gtest/gtest.h>
#include <samovar/error.hpp>

namespace samovar::task {
namespace {

using redis::Errc;

std::string thrown(const redis::Error& error, bool repeatable) {
    try {
        throw_publish_error(error, "the-id", repeatable);
    } catch (const PublishUncertain& uncertain) {
        EXPECT_EQ(uncertain.task_id(), "the-id");
        return "uncertain";
    } catch (const StoreUnavailable&) {
        return "unavailable";
    } catch (const ConfigurationError&) {
        return "configuration";
    }
}

TEST(StoreErrors, a_publish_is_uncertain_exactly_where_it_may_have_had_an_effect) {
    for (int kind = 1; kind <= static_cast<int>(Errc::bad_configuration); ++kind) {
        for (const auto* word : {"", "ERR", "NOPERM", "WRONGTYPE", "OOM", "LOADING"}) {
            const redis::Error error{static_cast<Errc>(kind), "why", word};
            const auto certain = error.kind() == Errc::bad_configuration ? "configuration" : "unavailable";
            EXPECT_EQ(thrown(error, false), redis::had_no_effect(error) ? certain : "uncertain") << kind << word;
            EXPECT_EQ(thrown(error, true), certain) << kind << word;
        }
    }
}

}  // namespace
}  // namespace samovar::task
