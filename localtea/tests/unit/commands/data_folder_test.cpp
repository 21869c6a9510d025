#include "commands/data_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "commands/secret_file.hpp"
#include "commands/up_error.hpp"
#include "support/temporary_folder.hpp"

namespace localtea::commands {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts{};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
    return facts.st_mode & 0777;
}

TEST(LockText, is_read_as_it_was_written) {
    for (const auto* given : {"", "REDIS_URL", "REDIS_URL DATABASE_URL"}) {
        const LockHolder holder{4711, "http://127.0.0.1:8000", given};
        EXPECT_EQ(read_lock_holder(to_text(holder)), holder);
    }
}

TEST(LockText, cut_short_or_foreign_is_none) {
    const auto text = to_text({4711, "http://127.0.0.1:8000", "REDIS_URL"});
    for (std::size_t size = 0; size < text.size(); ++size)
        EXPECT_EQ(read_lock_holder(std::string_view{text}.substr(0, size)), std::nullopt) << size;
    EXPECT_EQ(read_lock_holder("pid x\naddress y\ngiven z\n"), std::nullopt);
}

TEST(DataFolder, is_made_for_its_owner_alone) {
    const samovar::testing::TemporaryFolder parent;
    const DataFolder folder{parent.path() / "deep" / "var/", "http://127.0.0.1:1"};
    EXPECT_EQ(folder.path(), parent.path() / "deep" / "var");
    EXPECT_EQ(mode_of(folder.path()), 0700U);
}

TEST(DataFolder, a_second_one_is_told_process_and_address_of_the_first) {
    const samovar::testing::TemporaryFolder parent;
    const DataFolder first{parent.path(), "http://127.0.0.1:8017"};
    const auto told = fmt::format("process {} at http://127.0.0.1:8017", ::getpid());
    EXPECT_THAT([&] { DataFolder(parent.path(), "http://127.0.0.1:2"); }, ThrowsMessage<UpError>(HasSubstr(told)));
}

TEST(DataFolder, tells_who_was_there_last) {
    const samovar::testing::TemporaryFolder parent;
    EXPECT_EQ(last_holder(parent.path()), std::nullopt);
    EXPECT_EQ(last_holder(parent.path() / "none"), std::nullopt);
    {
        const DataFolder folder{parent.path(), "http://127.0.0.1:1", "DATABASE_URL"};
    }
    EXPECT_EQ(last_holder(parent.path()), (LockHolder{::getpid(), "http://127.0.0.1:1", "DATABASE_URL"}));
}

TEST(DataFolder, is_free_again_after_the_first) {
    const samovar::testing::TemporaryFolder parent;
    {
        const DataFolder first{parent.path(), "http://127.0.0.1:1"};
    }
    EXPECT_NO_THROW((DataFolder{parent.path(), "http://127.0.0.1:2"}));
}

TEST(KeptSecret, is_made_once_and_readable_by_its_owner_alone) {
    const samovar::testing::TemporaryFolder folder;
    const auto file = folder.path() / "secret";
    const auto made = kept_secret(file);
    EXPECT_GE(made.reveal().size(), 32U);
    EXPECT_EQ(mode_of(file), 0600U);
    EXPECT_EQ(kept_secret(file), made);
    EXPECT_NE(kept_secret(folder.path() / "another"), made);
}

TEST(KeptSecret, that_others_may_read_is_refused) {
    const samovar::testing::TemporaryFolder folder;
    const auto file = folder.path() / "secret";
    kept_secret(file);
    ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
    EXPECT_THAT([&] { kept_secret(file); }, ThrowsMessage<UpError>(HasSubstr("chmod 600")));
}

TEST(KeptSecret, too_short_is_refused_with_the_limit) {
    const samovar::testing::TemporaryFolder folder;
    const auto file = folder.path() / "secret";
    write_private(file, "short\n");
    EXPECT_THAT([&] { kept_secret(file); }, ThrowsMessage<UpError>(HasSubstr("at least 32 bytes")));
}

}  // namespace
}  // namespace localtea::commands
