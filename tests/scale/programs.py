"""The programs that these tests run."""

HELLO = '#include <stdio.h>\nint main() { puts("hello"); return 0; }\n'
COUNTS = """\
#include <stdio.h>
int main() { for (int i = 0; i < 3000; i++) printf("%d\\n", i); return 0; }
"""
ASKS = """\
#include <stdio.h>
int main() {
    char name[64] = "";
    printf("name? "); fflush(stdout);
    if (scanf("%63s", name) == 1) printf("hello %s\\n", name);
    return 0;
}
"""
ENDLESS = """\
#include <stdio.h>
int main() { volatile unsigned long turns = 0; puts("begun"); for (;;) turns++; }
"""
SHORT = """\
#include <stdio.h>
#include <time.h>
int main() {
    puts("begun");
    for (clock_t began = clock(); clock() - began < CLOCKS_PER_SEC / 4;) { }
    puts("done");
    return 0;
}
"""

SECONDS = """\
#include <stdio.h>
#include <time.h>
int main() {
    puts("begun");
    for (time_t end = time(NULL) + 2; time(NULL) < end;) { }
    puts("done");
    return 0;
}
"""
