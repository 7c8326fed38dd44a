// expect: success stdout="max 9 square 16 name value" stdout="debug off, level 2"
#include <stdio.h>

#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define SQUARE(x) ((x) * (x))
#define NAME(x) #x
#define JOIN(a, b) a##b
#define LEVEL 1
#undef LEVEL
#define LEVEL 2
#define LOG(...) printf(__VA_ARGS__)

#ifdef DEBUG
#define MODE "on"
#else
#define MODE "off"
#endif

int main(void)
{
    int JOIN(val, ue) = 4;
    LOG("max %d square %d name %s\n", MAX(value, 9), SQUARE(value), NAME(value));
    LOG("debug %s, level %d\n", MODE, LEVEL);
    return 0;
}
