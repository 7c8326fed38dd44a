/* Linked into a program that is run with sanitizers: how they behave, in place of an environment.
 *
 * No leaks: finding them takes a second process and ptrace. No core limit of its own: it is set
 * already. A quarantine that fits the memory limit, and a report that is read by a machine too. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:disable_coredump=0:quarantine_size_mb=8:"
           "detect_stack_use_after_return=0:color=never:print_legend=0:print_cmdline=0:"
           "allow_user_segv_handler=0:handle_abort=0:handle_sigill=1:strip_path_prefix=/work/:"
           "symbolize=1:external_symbolizer_path=:allow_addr2line=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "print_stacktrace=0:color=never:halt_on_error=1:strip_path_prefix=/work/";
}
