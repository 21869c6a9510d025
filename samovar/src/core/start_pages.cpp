#include "core/start_pages.hpp"

#include <cstddef>
#include <cstdint>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace samovar {
namespace {

// Called for each loaded object. Only segments that are never written: their pages are in the file, unchanged.
int give_back_object(dl_phdr_info* object, std::size_t, void*) {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
        const auto end = (object->dlpi_addr + segment.p_vaddr + segment.p_filesz) & ~(page - 1);
        if (end > begin) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

}  // namespace

void give_back_start_pages() noexcept { ::dl_iterate_phdr(give_back_object, nullptr); }

}  // namespace samovar
