// expect: success stdout="|   42|42   |00042|0x2a|52|+42|" stdout="|3.142|  3.14|3.141593e+00|3.14159|"
#include <stdio.h>

int main(void)
{
    const double pi = 3.14159265;
    printf("|%5d|%-5d|%05d|%#x|%o|%+d|\n", 42, 42, 42, 42, 42, 42);
    printf("|%.3f|%6.2f|%e|%g|\n", pi, pi, pi, pi);
    printf("|%10s|%-10s|%.2s|%c|%%|\n", "right", "left", "cut", 'c');
    printf("|%*d|%zu|%lld|\n", 6, 7, sizeof(int), 1234567890123LL);
    return 0;
}
