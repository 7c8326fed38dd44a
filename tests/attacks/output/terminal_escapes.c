// expect: success stdout=plain
// Clear the screen, set the title, write the clipboard, link, ask for an answer, switch the mouse on.
#include <stdio.h>

int main(void)
{
    fputs("\033[2J\033[H\033]0;owned\007\033]52;c;b3duZWQ=\007", stdout);
    fputs("\033]8;;javascript:alert(1)\033\\click\033]8;;\033\\", stdout);
    fputs("\033[c\033[6n\033[?1000h\033P+q544e\033\\\033[8;1000;1000t\n", stdout);
    puts("plain");
    return 0;
}
