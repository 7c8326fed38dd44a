// expect: success stdout="Grüße, κόσμε, 世界, 🙂"
#include <stdio.h>

int main(void)
{
    puts("Grüße, κόσμε, 世界, 🙂");
    return 0;
}
