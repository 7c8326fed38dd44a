// expect: success stdout="Thu 01 Jan 1970 00:00:00" stdout="leap year 2024: 366 days"
#include <stdio.h>
#include <time.h>

int main(void)
{
    time_t zero = 0;
    char text[64];
    strftime(text, sizeof text, "%a %d %b %Y %H:%M:%S", gmtime(&zero));
    puts(text);
    struct tm begin = {.tm_year = 124, .tm_mday = 1}, end = {.tm_year = 125, .tm_mday = 1};
    printf("leap year 2024: %.0f days\n", difftime(mktime(&end), mktime(&begin)) / 86400);
    time_t now = time(NULL);
    return localtime(&now)->tm_year < 120;
}
