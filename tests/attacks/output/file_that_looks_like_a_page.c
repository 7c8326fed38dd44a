// expect: success stdout=written
// unvalidated: success stdout=written
// Files come out as well, and somebody opens them.
#include <stdio.h>

int main(void)
{
    FILE *file = fopen("index.html", "w");
    fputs("<script>alert(document.cookie)</script>", file);
    fclose(file);
    puts("written");
    return 0;
}
