// expect: runtime_error signal=SIGABRT rule=blocked-path stderr="%n in writable segment"
// unvalidated: runtime_error signal=SIGABRT rule=blocked-path stderr="%n in writable segment"
// A format that came from outside writes memory with %n.
#include <stdio.h>

int main(void)
{
    int count = 0;
    char format[] = "x%n\n";
    void *argument = &count;
    format[0] = 'y';
    printf(format, argument);
    puts(count ? "written" : "not written");
    return 0;
}
